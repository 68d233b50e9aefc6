export * from './database.ts';
export * from './role.ts';
