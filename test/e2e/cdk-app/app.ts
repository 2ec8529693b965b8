import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';

// Two small stacks that use a bit of everything the CDK command line needs: assets, roles, exports.
const app = new App();
const threshold = Number(app.node.tryGetContext('threshold') ?? 1);

const data = new Stack(app, 'e2e-data');
const table = new Table(data, 'Table', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
new Bucket(data, 'Bucket', {
  removalPolicy: RemovalPolicy.DESTROY,
  ...(app.node.tryGetContext('unknown') && { objectLockEnabled: true }),
});

const work = new Stack(app, 'e2e-work');
const worker = new LambdaFunction(work, 'Worker', {
  functionName: 'e2e-worker',
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromAsset(`${import.meta.dirname}/worker`),
  environment: { TABLE: table.tableName },
  logGroup: new LogGroup(work, 'WorkerLogs', { removalPolicy: RemovalPolicy.DESTROY }),
});
table.grantReadWriteData(worker);
const alarm = worker.metricErrors({ period: Duration.minutes(1) }).createAlarm(work, 'Errors', {
  alarmName: 'e2e-errors',
  threshold,
  evaluationPeriods: 1,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
});
alarm.addAlarmAction(new SnsAction(new Topic(work, 'Notices')));
