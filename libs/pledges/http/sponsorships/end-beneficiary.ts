import { commandEndpoint } from '#http';
import { handlers } from '../../index.ts';

export const endBeneficiaryEndpoint = commandEndpoint(
  handlers.endBeneficiary,
  '/v1/beneficiaries/{beneficiary}/end',
  'people',
  'Trẻ rời chương trình / A beneficiary left',
);
