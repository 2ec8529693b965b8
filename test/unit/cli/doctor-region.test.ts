import { expect, it } from 'vitest';
import { judgeRegion } from '../../../cli/doctor/own-region.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const { groups } = readFleet(`name: shop
groups:
  web:
    ecs: { region: eu-west-1, cluster: shop, service: web }
    minSize: 1
    maxSize: 4
    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }
`);
const group = { name: 'web', config: groups['web']! };

it("a service that is named with the fleet's own region is told of, and one of another is not", () => {
  expect(judgeRegion(group, 'us-east-1')).toEqual([]);
  expect(judgeRegion(group, 'eu-west-1')).toEqual([
    {
      check: 'groups',
      verdict: 'warning',
      message:
        "web: eu-west-1 is the fleet's own region: its rules have no alarms, and nothing is told when its tasks stop",
      advice: 'Take ecs.region out of the fleet file, then npx cdk deploy --all.',
    },
  ]);
});
