export * from './copy-vault.ts';
export { openPostgresVault } from './postgres-vault.ts';
export * from './sqlite-vault.ts';
export * from './vault.ts';
