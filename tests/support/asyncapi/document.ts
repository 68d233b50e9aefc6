import { EVENTS_TOPIC, HEADERS, HEARTBEAT_TYPE } from '#messaging';
import { VERSION } from '#platform';
import { type Schema, eventSchemas } from './schemas.ts';

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const whole = (description: string): Schema => text(description, { pattern: '^(0|[1-9][0-9]*)$' });

/** Each header and what it says. The key of the code names it, so none can be forgotten. */
const HEADER_SCHEMAS: Readonly<Record<keyof typeof HEADERS, Schema>> = {
  specversion: { const: '1.0', description: 'CloudEvents version' },
  id: text('Id of the event; a message that comes again has the same'),
  source: text('The log it comes from', { format: 'uri-reference' }),
  type: text('Type of the event'),
  subject: text('Stream of the event; also the key of the message'),
  time: text('When the ledger learned of it', { format: 'date-time' }),
  contentType: { const: 'application/json' },
  position: whole('Place in the whole log: 1, 2, 3 … in decimal'),
  previous: whole(
    'Position of the event before this message in its partition, 0 for none: who stands elsewhere has missed some',
  ),
  revision: whole('Place in its stream: 0, 1, 2 … in decimal'),
  leafHash: text('RFC 6962 leaf hash of the value, in hex', { pattern: '^[0-9a-f]{64}$' }),
};

type HeaderName = keyof typeof HEADERS;
const ALWAYS: readonly HeaderName[] = ['specversion', 'id', 'source', 'type', 'position', 'previous'];
const OF_EVENTS: readonly HeaderName[] = [...ALWAYS, 'subject', 'contentType', 'revision', 'leafHash'];

const headersOf = (names: readonly HeaderName[], optional: readonly HeaderName[] = []): Schema => ({
  type: 'object',
  required: names.map((name) => HEADERS[name]),
  properties: Object.fromEntries(
    [...names, ...optional].map((name) => [HEADERS[name], HEADER_SCHEMAS[name]]),
  ),
});

const STRING: Schema = { type: 'string' };
/** The members of an envelope in their order (`writeEnvelope`), the data left out. */
const ENVELOPE = {
  id: { type: 'string', format: 'uuid' },
  type: STRING,
  stream: STRING,
  revision: { type: 'integer', minimum: 0 },
  effectiveOn: { type: 'string', format: 'date', description: 'The day it counts for' },
  recordedAt: { type: 'string', format: 'date-time', description: 'The moment the ledger learned it' },
  actor: text('The acting person, an opaque id'),
  commandId: { type: 'string', format: 'uuid' },
  correlationId: { type: 'string', format: 'uuid' },
  causationId: { type: 'string', format: 'uuid' },
  bodyHash: text('SHA-256 of the command’s body, in hex'),
} as const satisfies Readonly<Record<string, Schema>>;

const DESCRIPTION = [
  'Mọi sự kiện của sổ cái, theo thứ tự của từng dòng. Every event of the ledger, in the order of its stream.',
  'CloudEvents in binary mode; the value is the exact text that the ledger stored and hashed.',
  'At least once: a message may come again, the same to the byte, and first arrivals of a partition are in the order ' +
    'of the log. Leave out what is not above the last position you took in.',
  'Where ce_previous is above that position, messages are missing (an expired topic): read them from the log.',
  'A heartbeat says that every event of its partition up to ce_position came before it. Up to the position at which ' +
    'all partitions stand at least, the whole log is known.',
  'All books of one fund travel in one partition, and so do all events of any other stream.',
  'Ids of people are opaque; nothing personal is in a message.',
].join('\n');

/** The AsyncAPI 3.0 document of the topic: its headers from the code that writes them, its events from their types. */
export function asyncApiDocument(root: string): Record<string, unknown> {
  const { events, shared } = eventSchemas(root);
  const messages = Object.fromEntries(
    [...events].map(([type, { capability, data, summary }]) => [
      type,
      {
        name: type,
        ...(summary !== '' && { summary }),
        contentType: 'application/json',
        tags: [{ name: capability }],
        headers: {
          allOf: [
            { $ref: '#/components/schemas/EventHeaders' },
            { type: 'object', properties: { [HEADERS.type]: { const: type } } },
          ],
        },
        payload: {
          allOf: [
            { $ref: '#/components/schemas/Envelope' },
            { type: 'object', required: ['data'], properties: { type: { const: type }, data } },
          ],
        },
      },
    ]),
  );
  const heartbeat = {
    name: HEARTBEAT_TYPE,
    summary: 'Every event of this partition up to ce_position came before this message',
    headers: {
      allOf: [
        { $ref: '#/components/schemas/HeartbeatHeaders' },
        { type: 'object', properties: { [HEADERS.type]: { const: HEARTBEAT_TYPE } } },
      ],
    },
    payload: { type: 'null', description: 'No key and no value' },
  };
  const all = { ...messages, [HEARTBEAT_TYPE]: heartbeat };
  const refs = (prefix: string): unknown[] => Object.keys(all).map((name) => ({ $ref: `${prefix}${name}` }));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Lá Lành', version: VERSION, description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: EVENTS_TOPIC,
        description: 'Partitions are fixed when the topic is made (LALANH_PARTITIONS).',
        messages: Object.fromEntries(
          Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { kafka: { topic: EVENTS_TOPIC } },
      },
    },
    operations: {
      handOver: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'The relay hands the log over',
        messages: refs('#/channels/events/messages/'),
      },
    },
    components: {
      messages: all,
      schemas: {
        EventHeaders: headersOf(OF_EVENTS, ['time']),
        HeartbeatHeaders: headersOf(ALWAYS),
        Envelope: { type: 'object', required: Object.keys(ENVELOPE), properties: ENVELOPE },
        ...Object.fromEntries([...shared].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      },
    },
  };
}
