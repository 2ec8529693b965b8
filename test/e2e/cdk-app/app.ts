import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';

/** A stack with a property that the local cloud does not know. */
const stack = new Stack(new App(), 'e2e');
new Bucket(stack, 'Bucket', { objectLockEnabled: true });
