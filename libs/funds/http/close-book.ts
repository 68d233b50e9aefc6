import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const closeBookEndpoint = commandEndpoint(
  handlers.closeBook,
  '/v1/books/{fund}/{year}/close',
  'funds',
  'Khoá sổ / Close a book',
);
