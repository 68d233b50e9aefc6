import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { encodeEvent, encodeHeartbeat } from '#messaging';
import { writeEnvelope } from '#platform';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from '../support/asyncapi/document.ts';
import { asyncApiText } from '../support/asyncapi/text.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const document = asyncApiDocument(root);
const goldenFolder = new URL('../../libs/funds/domain/golden/', import.meta.url);
const ID = '018f0000-0000-8abc-8000-000000000001';

/** Judges a value by a schema of the document, whose references it may follow. */
const judge = (schema: unknown, value: unknown): boolean => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return ajv.compile({ ...(schema as object), components: document['components'] })(value);
};

interface Message {
  readonly headers: unknown;
  readonly payload: unknown;
}
const messages = (document['components'] as { messages: Record<string, Message> }).messages;

/** A stored book event of a type, as the ledger writes it. */
const stored = (type: string, data: unknown) => ({
  id: ID,
  type,
  stream: 'book-qbt-06-2026',
  revision: 0,
  position: 1,
  envelope: writeEnvelope({
    id: ID,
    type,
    stream: 'book-qbt-06-2026',
    revision: 0,
    effectiveOn: '2026-01-02',
    recordedAt: '2026-01-02T03:04:05.678Z',
    actor: 'ke-toan',
    commandId: ID,
    correlationId: ID,
    causationId: ID,
    bodyHash: 'ab'.repeat(32),
    data,
  }),
});
const place = { source: '/ledger', partition: 0, previous: 0 };

describe('the AsyncAPI document', () => {
  it('is what the code says now; `npm run asyncapi` writes it', () => {
    expect(readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8')).toBe(
      asyncApiText(root),
    );
  });

  it('keeps to AsyncAPI 3.0', () => {
    const require = createRequire(import.meta.url);
    // It brings the JSON schema of JSON schemas along, which must not be there twice.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const keeps = ajv.compile(require('@asyncapi/specs/schemas/3.0.0.json') as object);
    keeps(JSON.parse(JSON.stringify(document)));
    expect(keeps.errors).toBe(null);
    const { channels: _channels, ...without } = document;
    expect(keeps({ ...without, channels: 'none' })).toBe(false);
  });

  it.each(readdirSync(goldenFolder).map((name) => name.replace(/\.json$/, '')))(
    'describes %s as it is stored and sent, and not less of it',
    (type) => {
      const data = JSON.parse(readFileSync(new URL(`${type}.json`, goldenFolder), 'utf8')) as object;
      const { payload, headers } = messages[type] ?? { payload: false, headers: false };
      const sent = encodeEvent(stored(type, data), place);
      expect([judge(payload, JSON.parse(sent.value ?? '')), judge(headers, sent.headers)]).toStrictEqual([
        true,
        true,
      ]);
      const [first = ''] = Object.keys(data);
      const less = Object.fromEntries(Object.entries(data).filter(([name]) => name !== first));
      expect(judge(payload, JSON.parse(stored(type, less).envelope))).toBe(false);
    },
  );

  it('describes the heartbeat as it is sent, and no other message by it', () => {
    const { payload, headers } = messages['ledger.heartbeat.v1'] ?? { payload: false, headers: false };
    const sent = encodeHeartbeat(7, place);
    expect([judge(payload, sent.value), judge(headers, sent.headers)]).toStrictEqual([true, true]);
    expect(judge(headers, encodeEvent(stored('book.closed.v1', {}), place).headers)).toBe(false);
  });
});
