import { commandEndpoint } from '#http';
import { handlers } from '../../index.ts';

export const changeSponsorshipEndpoint = commandEndpoint(
  handlers.changeSponsorship,
  '/v1/sponsorships/{sponsorship}/change',
  'sponsorships',
  'Đổi mức đỡ đầu / Change a sponsorship',
);
