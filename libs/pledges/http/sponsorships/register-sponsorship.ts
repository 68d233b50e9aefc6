import { commandEndpoint } from '#http';
import { handlers } from '../../index.ts';

export const registerSponsorshipEndpoint = commandEndpoint(
  handlers.registerSponsorship,
  '/v1/sponsorships',
  'sponsorships',
  'Ghi suất đỡ đầu / Register a sponsorship',
);
