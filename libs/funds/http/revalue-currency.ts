import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const revalueCurrencyEndpoint = commandEndpoint(
  handlers.revalueCurrency,
  '/v1/currency-revaluations',
  'funds',
  'Đánh giá lại ngoại tệ / Revalue foreign money',
);
