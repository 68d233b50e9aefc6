export * from './bus.ts';
export * from './limits.ts';
export * from './message.ts';
export * from './memory-bus.ts';
export { type KafkaBusOptions, brokersOf, openKafkaBus } from './kafka/kafka-bus.ts';
export * from './relay.ts';
export * from './relay-checkpoints.ts';
export * from './play-relay.ts';
