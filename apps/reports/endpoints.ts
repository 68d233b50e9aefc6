import { type Endpoint, eventsEndpoint } from '#http';
import { queryEndpoints as banking } from '../../libs/banking/http/index.ts';
import { queryEndpoints as books } from '../../libs/books/http/index.ts';
import { queryEndpoints as funds } from '../../libs/funds/http/index.ts';
import { queryEndpoints as places } from '../../libs/places/http/index.ts';
import { queryEndpoints as pledges } from '../../libs/pledges/http/index.ts';
import { queryEndpoints as programmes } from '../../libs/programmes/http/index.ts';

/** Everything that reads. */
export const queryEndpoints: readonly Endpoint[] = [
  ...funds,
  ...pledges,
  ...places,
  ...programmes,
  ...banking,
  ...books,
  eventsEndpoint('/v1/events'),
  eventsEndpoint('/v1/events/stream'),
];
