export { findPart, hasParts, needPart } from './found.ts';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres.ts';
export { freePort } from './process.ts';
export { startKafka, type KafkaBroker, type KafkaOptions, type KafkaServers } from './kafka.ts';
