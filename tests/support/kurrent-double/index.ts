import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import {
  type BatchCall,
  answerAppend,
  answerBatch,
  answerRecords,
  answerSession,
  createBatches,
  requestOfAppend,
  requestOfRecords,
  requestOfSession,
  supportedMethods,
} from './appends.ts';
import { type Fault, type Operation, type Order, createOrders } from './faults.ts';
import {
  featuresService,
  gossip,
  gossipService,
  shared,
  streams2Service,
  streamsService,
} from './protocol.ts';
import { type ReadCall, answerRead, subscribe } from './reads.ts';
import {
  type Leader,
  type Refusal,
  accessDenied,
  connectionLost,
  consistencyViolation,
  notLeader,
  notLeaderNode,
  overloaded,
  revisionConflict,
  unavailable,
} from './refusals.ts';
import { type DoubleStore, type WriteRequest, type WriteVerdict, createStore } from './store.ts';

export type { Fault, Operation, Order } from './faults.ts';
export type { StoredRecord } from './store.ts';

export interface DoubleOptions {
  /** The version the server says it has; 26.1.0 when absent. */
  readonly version?: string;
  /** Nodes of the cluster, 1 when absent; the first is the leader. They share one log. */
  readonly nodes?: number;
  /** Port of the first node; any free one when absent. */
  readonly port?: number;
  /** Where it listens and is reached; 127.0.0.1 when absent. */
  readonly host?: string;
  /** PEM texts; without them the nodes speak in the clear. */
  readonly tls?: { readonly key: string; readonly certificate: string };
}

export interface KurrentDouble {
  readonly ports: readonly number[];
  /** `kurrentdb://` for one node, `kurrentdb+discover://` for several. */
  readonly url: string;
  /** Orders a fault for the calls that come next. */
  order(order: Order): void;
  faultsDelivered(): number;
  /** Leaves out the faults that no call has met. */
  forgetFaults(): void;
  /** Ends every subscription with an error, as a lost connection does. */
  dropSubscriptions(): void;
  /** Delivers each event and checkpoint of subscriptions this many times. */
  repeat(copies: number): void;
  /** Makes another node the leader. */
  elect(node: number): void;
  /** Stops every node at once, as a kill does, and starts them on the same ports with what was written. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  readonly store: DoubleStore;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const MIB = 1_048_576;
const LARGE = 256 * MIB;
const LEADER = 8;
const FOLLOWER = 6;

/**
 * A server that speaks KurrentDB's protocol as the client 1.3.1 uses it, on the client's own service definitions,
 * with its log in memory and faults to order. It proves what an adapter does with the protocol, and nothing
 * about KurrentDB.
 */
export const openKurrentDouble = async (options: DoubleOptions = {}): Promise<KurrentDouble> => {
  const { version = '26.1.0', nodes = 1, host = LOOPBACK } = options;
  const store = createStore();
  const orders = createOrders();
  let copies = 1;
  let leader = 0;
  let ports: number[] = Array.from({ length: nodes }, (_, at) =>
    options.port === undefined ? 0 : options.port + at,
  );
  let servers: Server[] = [];
  let subscriptions = new AbortController();
  const maxAppend = Number(version.split('.')[0]) >= 26 ? LARGE : MIB;
  const leaderNode = (): Leader => ({ host, port: ports[leader] ?? 0 });

  const REFUSALS: Readonly<Partial<Record<Fault, () => Refusal>>> = {
    overloaded,
    unavailable,
    denied: accessDenied,
    'answer-lost': connectionLost,
  };
  /** How a call is answered that meets a fault: by an error, by nothing (`silent`), or as usual. */
  const meets = (fault: Fault | undefined, not: (to: Leader) => Refusal): Refusal | 'silent' | undefined => {
    if (fault === undefined) return undefined;
    if (fault.startsWith('silent')) return 'silent';
    if (fault.startsWith('not-leader')) return not(leaderNode());
    return REFUSALS[fault]?.();
  };
  const writesFirst = (fault: Fault | undefined): boolean =>
    fault === 'not-leader-written' ||
    fault === 'answer-lost' ||
    fault === 'silent-written' ||
    fault === 'ended';

  const elsewhere = (node: number): boolean => node !== leader;

  /** One append of either protocol: its fault, its write, its answer. */
  const appendOnce = <Answer>(
    node: number,
    request: WriteRequest | Refusal,
    not: (to: Leader) => Refusal,
    refused: (request: WriteRequest, failures: WrongVersion['failures']) => Refusal,
    answer: (request: WriteRequest, verdict: Written) => Answer,
  ): { readonly error: Refusal } | { readonly answer: Answer } | 'silent' | 'ended' => {
    const fault = orders.next('append');
    const met = meets(fault, not);
    if (!writesFirst(fault) && met !== undefined) return met === 'silent' ? met : { error: met };
    if (elsewhere(node)) return { error: not(leaderNode()) };
    if (request instanceof Error) return { error: request };
    const verdict = store.append(request);
    if (met !== undefined) return met === 'silent' ? met : { error: met };
    if (fault === 'ended') return 'ended';
    return verdict.kind === 'wrong-version'
      ? { error: refused(request, verdict.failures) }
      : { answer: answer(request, verdict) };
  };

  const unary =
    <Answer>(callback: sendUnaryData<Answer>) =>
    (outcome: { readonly error: Refusal } | { readonly answer: Answer } | 'silent' | 'ended'): void => {
      if (outcome === 'silent') return;
      // An answer that is not there can not be sent: the call ends without one.
      if (outcome === 'ended') callback(null, null);
      else if ('error' in outcome) callback(outcome.error);
      else callback(null, outcome.answer);
    };

  const collected = <Req, Resp>(call: ServerReadableStream<Req, Resp>, done: (all: Req[]) => void): void => {
    const messages: Req[] = [];
    call.on('data', (message: Req) => messages.push(message));
    call.on('end', () => done(messages));
    call.on('error', () => undefined);
  };

  const simple = <Answer>(on: Operation, callback: sendUnaryData<Answer>, answer: () => Answer): void => {
    const met = meets(orders.next(on), notLeader);
    if (met === 'silent') return;
    if (met !== undefined) callback(met);
    else callback(null, answer());
  };

  const batch = (node: number, call: BatchCall): void => {
    const complete = createBatches();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    call.on('data', (piece: Parameters<typeof complete>[0]) => {
      const whole = complete(piece);
      if (whole === undefined) return;
      const wrong = (_: WriteRequest, failures: WrongVersion['failures']): Refusal =>
        Object.assign(connectionLost(), { failures });
      const given = appendOnce(node, whole.request, notLeader, wrong, (request, verdict) =>
        answerBatch(whole.id, request, verdict),
      );
      if (given === 'silent') return;
      if (given === 'ended') call.end();
      else if ('answer' in given) call.write(given.answer);
      else if ('failures' in given.error)
        call.write(
          answerBatch(whole.id, whole.request, {
            kind: 'wrong-version',
            failures: given.error.failures as WrongVersion['failures'],
          }),
        );
      else call.emit('error', given.error);
    });
  };

  const read = async (node: number, call: ReadCall): Promise<void> => {
    const live = call.request.getOptions()?.hasSubscription() === true;
    const fault = orders.next(live ? 'subscribe' : 'read');
    const met = meets(fault, notLeader);
    if (met === 'silent') return;
    if (met !== undefined) return void call.emit('error', met);
    if (elsewhere(node) && call.metadata.get('requires-leader')[0] === 'true')
      return void call.emit('error', notLeader(leaderNode()));
    if (!live) {
      const whole = await answerRead(store, call, fault === 'cut' ? 1 : undefined);
      if (whole) call.end();
      else call.emit('error', connectionLost());
      return;
    }
    const dropped = subscriptions.signal;
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    call.on('close', () => gone.abort());
    await subscribe(store, call, AbortSignal.any([dropped, gone.signal]), { copies: () => copies });
    if (dropped.aborted) call.emit('error', connectionLost());
    else call.end();
  };

  const members = (): InstanceType<typeof gossip.ClusterInfo> => {
    const info = new gossip.ClusterInfo();
    for (const [at, port] of ports.entries()) {
      const id = new shared.UUID();
      id.setString(`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
      const endpoint = new gossip.EndPoint();
      endpoint.setAddress(host);
      endpoint.setPort(port);
      const member = new gossip.MemberInfo();
      member.setInstanceId(id);
      member.setTimeStamp(String(Date.now()));
      member.setState(at === leader ? LEADER : FOLLOWER);
      member.setIsAlive(true);
      member.setHttpEndPoint(endpoint);
      info.addMembers(member);
    }
    return info;
  };

  const serverOf = (node: number): Server => {
    const server = new Server({ 'grpc.max_receive_message_length': LARGE });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, callback: sendUnaryData<ReturnType<typeof supportedMethods>>) =>
        simple('features', callback, () => supportedMethods(version)),
    });
    server.addService(gossipService.GossipService, {
      read: (_call: unknown, callback: sendUnaryData<InstanceType<typeof gossip.ClusterInfo>>) =>
        simple('gossip', callback, members),
    });
    server.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => void read(node, call).catch((error: Error) => call.emit('error', error)),
      append: (
        call: ServerReadableStream<AppendMessage, ReturnType<typeof answerAppend>>,
        callback: sendUnaryData<ReturnType<typeof answerAppend>>,
      ) =>
        collected(call, (messages) => {
          const request = requestOfAppend(messages);
          let refused: WriteVerdict | undefined;
          const wrong = (_: WriteRequest, failures: WrongVersion['failures']): Refusal => {
            refused = { kind: 'wrong-version', failures };
            return connectionLost();
          };
          const given = appendOnce(node, request, notLeader, wrong, answerAppend);
          unary(callback)(refused ? { answer: answerAppend(request, refused) } : given);
        }),
      batchAppend: (call: ServerDuplexStream<BatchMessage, ReturnType<typeof answerBatch>>) =>
        batch(node, call),
    });
    server.addService(streams2Service.StreamsServiceService, {
      appendSession: (
        call: ServerReadableStream<SessionMessage, ReturnType<typeof answerSession>>,
        callback: sendUnaryData<ReturnType<typeof answerSession>>,
      ) =>
        collected(call, (messages) =>
          unary(callback)(
            appendOnce(
              node,
              requestOfSession(messages, maxAppend),
              notLeaderNode,
              revisionConflict,
              answerSession,
            ),
          ),
        ),
      appendRecords: (
        call: ServerUnaryCall<RecordsMessage, ReturnType<typeof answerRecords>>,
        callback: sendUnaryData<ReturnType<typeof answerRecords>>,
      ) =>
        unary(callback)(
          appendOnce(
            node,
            requestOfRecords(call.request, maxAppend),
            notLeaderNode,
            consistencyViolation,
            answerRecords,
          ),
        ),
    });
    return server;
  };

  const credentials = (): ServerCredentials =>
    options.tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          {
            private_key: Buffer.from(options.tls.key),
            cert_chain: Buffer.from(options.tls.certificate),
          },
        ]);
  const bind = (server: Server, port: number): Promise<number> =>
    new Promise((resolve, reject) =>
      server.bindAsync(`${host}:${port}`, credentials(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
  const start = async (): Promise<void> => {
    servers = ports.map((_, node) => serverOf(node));
    ports = await Promise.all(servers.map((server, node) => bind(server, ports[node] ?? 0)));
  };
  const dropSubscriptions = (): void => {
    const before = subscriptions;
    subscriptions = new AbortController();
    before.abort();
  };
  const stop = async (): Promise<void> => {
    dropSubscriptions();
    for (const server of servers) server.forceShutdown();
    servers = [];
  };

  await start();
  const tls = options.tls === undefined ? '?tls=false' : '?tls=true';
  return {
    get ports() {
      return ports;
    },
    get url() {
      const scheme = nodes > 1 ? 'kurrentdb+discover' : 'kurrentdb';
      // Node refuses to name an IP address to a TLS server.
      return `${scheme}://${options.tls === undefined ? host : 'localhost'}:${ports[0]}${tls}`;
    },
    order: orders.order,
    faultsDelivered: orders.delivered,
    forgetFaults: orders.forget,
    dropSubscriptions,
    repeat: (count) => void (copies = count),
    elect: (node) => void (leader = node),
    restart: async () => {
      await stop();
      await start();
    },
    stop,
    start,
    store,
    close: stop,
  };
};

type WrongVersion = Extract<WriteVerdict, { kind: 'wrong-version' }>;
type Written = Exclude<WriteVerdict, WrongVersion>;
type AppendMessage = Parameters<typeof requestOfAppend>[0][number];
type BatchMessage = Parameters<ReturnType<typeof createBatches>>[0];
type SessionMessage = Parameters<typeof requestOfSession>[0][number];
type RecordsMessage = Parameters<typeof requestOfRecords>[0];
