import { commandEndpoint } from '#http';
import { handlers } from '../../index.ts';

export const extendSponsorshipEndpoint = commandEndpoint(
  handlers.extendSponsorship,
  '/v1/sponsorships/{sponsorship}/extend',
  'sponsorships',
  'Thêm kỳ đỡ đầu / Extend a sponsorship',
);
