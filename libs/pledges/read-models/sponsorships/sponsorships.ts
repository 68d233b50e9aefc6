import type { CommodityCode, Day } from '#kernel';
import {
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import { filledInstalments } from '../../domain/pledge.ts';
import type { Frequency } from '../../domain/schedule.ts';
import {
  type SponsorshipEnd,
  type SponsorshipEvent,
  sponsorshipStream,
} from '../../domain/sponsorships/events.ts';
import { sponsorshipKind } from '../../domain/sponsorships/sponsorship.ts';
import { type PledgeQuery, foldPledges, pledgeFacts } from '../pledge-ageing/pledge-ageing.ts';

const definition: FactDefinition<SponsorshipEvent> = {
  name: 'sponsorships',
  version: 2,
  types: [
    'sponsorship.registered.v1',
    'sponsorship.extended.v1',
    'sponsorship.changed.v1',
    'sponsorship.ended.v1',
    'sponsorship.handed-over.v1',
  ],
  keyOf: ({ data }) => data.sponsorship,
};

/** Every sponsorship. */
export const sponsorships = factProjection(definition);

/** One sponsorship as it stands. */
export interface SponsorshipRow {
  readonly sponsorship: string;
  readonly beneficiary: string;
  readonly donor: string;
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly each: bigint;
  readonly every: Frequency;
  readonly shared: boolean;
  readonly status: 'running' | 'ended';
  /** Periods promised, and how many of them are settled. */
  readonly periods: number;
  readonly settled: number;
  /** The next due day; null when everything promised came in or it ended. */
  readonly nextDue: Day | null;
  readonly cause: SponsorshipEnd | null;
  /** What came in for time after its end: the donor is to be asked what becomes of it. */
  readonly toAsk: bigint;
}

/** Every sponsorship with how far it is paid, by id. */
export function readSponsorships(
  context: ReadContext,
  { scope, funds, ...asOf }: PledgeQuery,
): Promise<Standing & { readonly rows: readonly SponsorshipRow[] }> {
  return readAsOf<FactTables, { rows: readonly SponsorshipRow[] }>(
    context,
    [definition.name, pledgeFacts.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const wanted = { knownAt, through, funds: 'all' } as const;
      const facts = await readFacts(trx, definition, wanted);
      const promises = await readFacts(trx, pledgeFacts, { ...wanted, keys: [...facts.keys()] });
      const folded = new Map(
        foldPledges(promises, { scope, funds }).map(({ pledge, state }) => [pledge, state]),
      );
      return {
        rows: [...facts].flatMap(([sponsorship, events]) => {
          const pledge = folded.get(sponsorship);
          // By effective day a later fact may stand before the registration, which is not in this view yet.
          if (pledge === undefined || events[0]?.type !== 'sponsorship.registered.v1') return [];
          const state = events.reduce(
            sponsorshipKind.evolve,
            sponsorshipKind.initial(sponsorshipStream(sponsorship)),
          );
          if (state.status === 'unregistered') return [];
          const { beneficiary, donor, fund, commodity, every, shared, status, periods } = state;
          const ended = events.find((event) => event.type === 'sponsorship.ended.v1')?.data;
          const filled = filledInstalments(pledge);
          const open = filled.filter((period) => period.filled + period.writtenOff < period.amount);
          const late = [...pledge.late.values()].reduce((a, b) => a + b, 0n);
          return [
            {
              sponsorship,
              beneficiary,
              donor,
              fund,
              commodity,
              every,
              shared,
              status,
              periods,
              each: BigInt(state.each),
              settled: filled.length - open.length,
              nextDue: status === 'running' ? (open[0]?.due ?? null) : null,
              cause: ended?.cause ?? null,
              toAsk: ended === undefined ? 0n : BigInt(ended.paidAhead) + late,
            },
          ];
        }),
      };
    },
  );
}
