import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const registerBeneficiaryEndpoint = commandEndpoint(
  handlers.registerBeneficiary,
  '/v1/beneficiaries',
  'people',
  'Đăng ký người hưởng / Register a beneficiary',
);
