import { TagManager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Tags a construct and all below it, now: an aspect would run over an app that is somebody else's. */
export function setTags(scope: IConstruct, tags: Readonly<Record<string, string>>): void {
  for (const construct of scope.node.findAll()) {
    const tagged = TagManager.of(construct);
    for (const [key, value] of Object.entries(tags)) tagged?.setTag(key, value);
  }
}
