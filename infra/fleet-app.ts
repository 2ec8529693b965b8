import { App, type AppProps, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { bundleFunctions } from './bundle.ts';
import { layOutFleet } from './lay-out-fleet.ts';

interface FleetAppProps extends AppProps {
  /** Where the scripts that the fleet file names are found. */
  readonly fleetDirectory: string;
  /** Epoch milliseconds: what is past gets no schedule. */
  readonly now: number;
  /** How the functions become code; otherwise they are bundled. */
  readonly bundle?: (fleet: Fleet) => Readonly<Record<string, Code>>;
}

/** The CDK app of one fleet, held to the rules of cdk-nag: what this repository deploys. */
export function fleetApp(
  fleet: Fleet,
  { fleetDirectory, now, bundle = bundleFunctions, ...props }: FleetAppProps,
): App {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  layOutFleet(app, { fleet, fleetDirectory, now, code: bundle(fleet) });
  return app;
}
