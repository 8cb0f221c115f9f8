import { readStampOfSuite } from '../engine/contract/kill-matrix.js';
import type { Provenance } from '../engine/models/report.js';

/** A value of the environment is told up to so many characters. */
const longest = 300;

type Variables = Readonly<Record<string, string | undefined>>;

/** How a service that runs pipelines names itself, a run of it, the commit that it runs, who started it, and on which machine. */
interface Service {
  readonly name: string;
  readonly isHere: (variables: Variables) => boolean;
  readonly run: (variables: Variables) => string | undefined;
  readonly commit: string;
  readonly by: string;
  readonly runner: string;
}

const services: readonly Service[] = [
  {
    name: 'GitHub Actions',
    isHere: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === 'true',
    run: ({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }) =>
      GITHUB_RUN_ID && `${GITHUB_SERVER_URL ?? ''}/${GITHUB_REPOSITORY ?? ''}/actions/runs/${GITHUB_RUN_ID}`,
    commit: 'GITHUB_SHA',
    by: 'GITHUB_ACTOR',
    runner: 'RUNNER_NAME',
  },
  {
    name: 'Azure Pipelines',
    isHere: ({ TF_BUILD }) => TF_BUILD?.toLowerCase() === 'true',
    run: ({ SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECT, BUILD_BUILDID }) =>
      BUILD_BUILDID &&
      `${SYSTEM_COLLECTIONURI ?? ''}${SYSTEM_TEAMPROJECT ?? ''}/_build/results?buildId=${BUILD_BUILDID}`,
    commit: 'BUILD_SOURCEVERSION',
    by: 'BUILD_REQUESTEDFOR',
    runner: 'AGENT_NAME',
  },
  {
    name: 'GitLab CI',
    isHere: ({ GITLAB_CI }) => GITLAB_CI === 'true',
    run: ({ CI_JOB_URL }) => CI_JOB_URL,
    commit: 'CI_COMMIT_SHA',
    by: 'GITLAB_USER_LOGIN',
    runner: 'CI_RUNNER_DESCRIPTION',
  },
];

/** By what a run is carried out: the build of the suite, the machine, and the pipeline where the environment names one. */
export function provenanceHere(variables: Variables = process.env): Provenance {
  const build = readStampOfSuite();
  const service = services.find(({ isHere }) => isHere(variables));
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    ...(build === null ? {} : { build }),
    ...(service && { pipeline: pipelineOf(service, variables) }),
  };
}

function pipelineOf(
  { name, run, commit, by, runner }: Service,
  variables: Variables,
): NonNullable<Provenance['pipeline']> {
  const told = (value: string | undefined): string | undefined => value?.slice(0, longest);
  const [which, what, who, where] = [run(variables), variables[commit], variables[by], variables[runner]].map(told);
  return {
    name,
    ...(which ? { run: which } : {}),
    ...(what ? { commit: what } : {}),
    ...(who ? { by: who } : {}),
    ...(where ? { runner: where } : {}),
  };
}
