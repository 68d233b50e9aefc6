/** Bytes of one message, headers included: an envelope of 65,535 bytes with its headers stays far below. */
export const MESSAGE_BYTES_MAX = 131_072;
/** Bytes of one partition's messages in one request; brokers refuse a record batch above 1,048,588. */
export const BATCH_BYTES_MAX = 900_000;
/** Messages of one partition in one request: kafkajs copies its list once per message. */
export const BATCH_MESSAGES_MAX = 1_000;
/** Bytes a request is begun with at most; the brokers' `socket.request.max.bytes` is ten times as much. */
export const REQUEST_BYTES_MAX = 8_000_000;
/** Publishes that may wait for their turn; more are refused. */
export const PUBLISHES_WAITING_MAX = 1_000;
/** Milliseconds a publish is tried for before it is given up as unknown. */
export const PUBLISH_MS_MAX = 60_000;
/** Milliseconds until one request to a broker counts as unanswered. */
export const REQUEST_MS_MAX = 10_000;
/** Milliseconds before the first retry; each further wait doubles, up to {@link RETRY_MS_MAX}. */
export const RETRY_MS_MIN = 100;
export const RETRY_MS_MAX = 5_000;
/** Messages handed to `onBatch` at once. */
export const DELIVERY_MESSAGES_MAX = 2_000;
/** Bytes of one partition that wait for a slow consumer before fetching pauses; one fetch may come on top. */
export const WAITING_BYTES_MAX = 4_000_000;
/** Bytes of one partition that one fetch brings. */
export const FETCH_BYTES_MAX = 1_048_576;
/** Milliseconds a fetch waits at the broker for something new, hence also until a resumed partition is asked for. */
export const FETCH_WAIT_MS = 200;
/** Milliseconds without a heartbeat after which the group gives a member's partitions to others. */
export const SESSION_MS_MAX = 15_000;
/** Milliseconds between commits to the broker, which only lag tools read. */
export const COMMIT_MS = 5_000;
/** Milliseconds without any sign of life of the client after which it is replaced by a new one. */
export const STALLED_MS_MAX = 60_000;
/** Milliseconds that a revoked partition's running batch has to end in. */
export const REVOKE_MS_MAX = 10_000;
/** Brokers that hold a copy of each message, where there are so many. */
export const REPLICAS_MAX = 3;
/** Copies that must exist before a message counts as published, with three brokers and more. */
export const REPLICAS_IN_SYNC_MIN = 2;
/** Events the relay reads, publishes and checkpoints at once. */
export const RELAY_PAGE_EVENTS = 4_000;
/** Milliseconds between the relay's looks at an idle log. */
export const RELAY_POLL_MS = 25;
/** Milliseconds after which an idle relay says again how far it is: each partition hears of it at least each second. */
export const HEARTBEAT_MS = 900;
/** Partitions a topic may have. */
export const PARTITIONS_MAX = 1_000;
/** Milliseconds of the relay's lease: the longest time nobody relays after a process died. */
export const RELAY_LEASE_MS = 10_000;
