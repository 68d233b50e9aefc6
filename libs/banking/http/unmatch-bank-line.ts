import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const unmatchBankLineEndpoint = commandEndpoint(
  handlers.unmatchBankLine,
  '/v1/bank/accounts/{account}/matches/{match}/undo',
  'banking',
  'Bỏ khớp / Undo a match',
);
