import { pledgeKind, pledgeStream, sponsorshipKind, sponsorshipStream } from '#pledges';
import { type Handler, idSchema } from '#platform';
import { z } from 'zod';
import { decideHandOverPledges } from '../domain/hand-over-pledges.ts';
import { bookOf, bookState, onBook } from './shared.ts';

/** Pledges of one command: two streams each, and an append reads and writes 100 at most. */
export const PLEDGES_PER_PAGE_MAX = 45;

const schema = z.strictObject({
  ...onBook,
  pledges: z
    .array(idSchema)
    .min(1)
    .max(PLEDGES_PER_PAGE_MAX)
    .meta({ description: 'Of the merged fund; those that went over already are left out' }),
});

/** Hands a page of pledges and sponsorships of a merged fund to its successor. */
export const handOverPledges: Handler<z.infer<typeof schema>> = {
  name: 'hand-over-pledges',
  schema,
  personal: [],
  streams: (body) => [
    bookOf(body),
    ...[...new Set(body.pledges)].flatMap((id) => [pledgeStream(id), sponsorshipStream(id)]),
  ],
  decide: (body, states) =>
    decideHandOverPledges(
      body,
      bookState(body, states),
      [...new Set(body.pledges)].map((pledge) => ({
        pledge,
        state: states.of(pledgeKind, pledgeStream(pledge)),
        sponsorship: states.of(sponsorshipKind, sponsorshipStream(pledge)),
      })),
    ),
};
