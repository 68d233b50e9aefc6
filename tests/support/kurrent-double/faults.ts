/** What a fault can be ordered for. */
export type Operation = 'features' | 'gossip' | 'append' | 'read' | 'subscribe';

/**
 * `not-leader`: refused, with the leader named. `not-leader-written`: the write is done, and then the leadership is
 * lost. `answer-lost`: the write is done, and the connection breaks before the answer. `silent`: nothing
 * is done and nothing answered, ever. `silent-written`: done, and never answered. `overloaded`, `unavailable`,
 * `denied`: refused with that status. `ended`: the call ends without an answer and without an error.
 * `cut`: a reading breaks off after its first record.
 */
export type Fault =
  | 'not-leader'
  | 'not-leader-written'
  | 'answer-lost'
  | 'silent'
  | 'silent-written'
  | 'overloaded'
  | 'unavailable'
  | 'denied'
  | 'ended'
  | 'cut';

export interface Order {
  readonly on: Operation;
  readonly fault: Fault;
  /** Calls that meet it, 1 when absent; others before them in the order book come first. */
  readonly times?: number;
}

/** The faults ordered and not delivered yet, first come, first served for each operation. */
export const createOrders = () => {
  const waiting: { readonly on: Operation; readonly fault: Fault; left: number }[] = [];
  let delivered = 0;
  return {
    order: ({ on, fault, times = 1 }: Order): void => void waiting.push({ on, fault, left: times }),
    /** The fault this call meets, if any. */
    next: (on: Operation): Fault | undefined => {
      const order = waiting.find((one) => one.on === on && one.left > 0);
      if (order === undefined) return undefined;
      order.left -= 1;
      delivered += 1;
      return order.fault;
    },
    /** Faults that calls have met so far: a test that ordered one sees that it came. */
    delivered: (): number => delivered,
    forget: (): void => void waiting.splice(0),
  };
};

export type Orders = ReturnType<typeof createOrders>;
