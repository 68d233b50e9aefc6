export * from './broken-twins.ts';
export * from './case.ts';
export * from './cases.ts';
export * from './fixture.ts';
export * from './run.ts';
