/** What a projector thread started by a test projects. */
export { fundProjections as allProjections } from '#funds';
