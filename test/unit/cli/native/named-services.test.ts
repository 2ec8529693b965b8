import { expect, it } from 'vitest';
import { namedServices } from '../../../../cli/native/named-services.ts';

it('a service that is named with the region of the fleet is the one without it, and taken over once', () => {
  const names = ['ecs:us-east-1/shop/web', 'web-asg', 'ecs:shop/web', 'ecs:eu-west-1/shop/web'];
  const web = { cluster: 'shop', service: 'web' };
  expect(namedServices(names, 'us-east-1')).toEqual([web, { region: 'eu-west-1', ...web }]);
  expect(namedServices(names, 'eu-west-1')).toEqual([{ region: 'us-east-1', ...web }, web]);
});
