import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const exchangeCurrencyEndpoint = commandEndpoint(
  handlers.exchangeCurrency,
  '/v1/currency-exchanges',
  'funds',
  'Bán ngoại tệ / Sell foreign money',
);
