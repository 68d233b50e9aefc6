import { everything } from '#access';
import { AT_LEAST_MS_MAX, type Reads, type Route, actorOf, commandEndpoint } from '#http';
import { checkFigures, handlers } from '../index.ts';

const command = commandEndpoint(
  handlers.acceptReconciliation,
  '/v1/bank/accounts/{account}/reconciliations',
  'banking',
  'Xác nhận đối chiếu / Accept a reconciliation',
);

/**
 * Accepts a reconciliation: its figures are worked out again as they stood at the position they were read at, and
 * what a person did not see is not accepted.
 */
export const acceptReconciliationRoute = (reads: Reads): Route => ({
  spec: command.spec,
  route: (writing) => {
    const accept = command.route(writing);
    return (request, reply) => {
      const { account } = request.params as { account: string };
      const figures = { ...(request.body as object | null), account };
      const wait = (position: number): Promise<boolean> => reads.models.waitFor(position, AT_LEAST_MS_MAX);
      checkFigures(reads, everything(actorOf(request)), figures, wait).then(
        (refusal) => (refusal ? writing.problems.send(reply, refusal) : accept(request, reply)),
        (error: unknown) => {
          writing.onFault(error);
          writing.problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    };
  },
});
