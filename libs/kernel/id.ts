/** A UUID in lower case with hyphens (RFC 9562). */
export type Uuid = string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ID = /^[a-z0-9](?:[a-z0-9.]|-(?!-)){0,61}[a-z0-9]$|^[a-z0-9]$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/**
 * True for an opaque id of a fund, donor, beneficiary, programme, account …: 1 to 63 of a–z, 0–9, dot and
 * single hyphens. Ids stand in stream names and URLs, so they hold no personal data and no capitals.
 */
export const isId = (text: string): boolean => ID.test(text);
