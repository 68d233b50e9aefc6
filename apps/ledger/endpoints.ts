import { type Endpoint, bulkEndpoint } from '#http';
import { commandEndpoints as banking } from '../../libs/banking/http/index.ts';
import { commandEndpoints as books } from '../../libs/books/http/index.ts';
import { commandEndpoints as funds } from '../../libs/funds/http/index.ts';
import { commandEndpoints as people } from '../../libs/people/http/index.ts';
import { commandEndpoints as places } from '../../libs/places/http/index.ts';
import { commandEndpoints as pledges } from '../../libs/pledges/http/index.ts';
import { commandEndpoints as programmes } from '../../libs/programmes/http/index.ts';

/** Everything that writes: one endpoint a command, and one that takes any of them by name, in bulk. */
export const commandEndpoints: readonly Endpoint[] = [
  ...funds,
  ...pledges,
  ...people,
  ...places,
  ...programmes,
  ...banking,
  ...books,
  bulkEndpoint(
    undefined,
    '/v1/commands/bulk',
    'log',
    'Lệnh bất kỳ hàng loạt (NDJSON) / Any commands in bulk',
  ),
];
