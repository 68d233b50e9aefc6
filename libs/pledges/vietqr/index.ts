export * from '../domain/vietqr/bank.ts';
export * from '../domain/vietqr/payload.ts';
export * from '../domain/vietqr/reference.ts';
export * from './image.ts';
