/** A kind of pipeline, by the commands that it reads from what a step prints. */
export type Pipeline = 'github' | 'azure';

export const pipelines: readonly Pipeline[] = ['github', 'azure'];
