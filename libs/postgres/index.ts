export * from './database.ts';
export * from './role.ts';
export * from './play-role.ts';
