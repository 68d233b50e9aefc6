import { commandEndpoint } from '#http';
import { handlers } from '../../index.ts';

export const endSponsorshipEndpoint = commandEndpoint(
  handlers.endSponsorship,
  '/v1/sponsorships/{sponsorship}/end',
  'sponsorships',
  'Kết thúc suất đỡ đầu / End a sponsorship',
);
