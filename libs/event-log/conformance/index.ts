export * from './cases.ts';
export * from './fixture.ts';
export * from './broken-twins.ts';
