import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const openBookEndpoint = commandEndpoint(
  handlers.openBook,
  '/v1/books',
  'funds',
  'Mở sổ / Open a book',
);
