import { flattened, type Resource, type Template } from './flattened.ts';

/** How long the names are that each service takes, and what is in them. */
const names: Readonly<Record<string, readonly [property: string, form: RegExp]>> = {
  'AWS::Lambda::Function': ['FunctionName', /^[\w-]{1,64}$/],
  'AWS::SQS::Queue': ['QueueName', /^[\w-]{1,80}$/],
  'AWS::SNS::Topic': ['TopicName', /^[\w-]{1,256}$/],
  'AWS::DynamoDB::Table': ['TableName', /^[\w.-]{3,255}$/],
  'AWS::Scheduler::Schedule': ['Name', /^[\w.-]{1,64}$/],
  'AWS::Scheduler::ScheduleGroup': ['Name', /^[\w.-]{1,64}$/],
  'AWS::Events::Rule': ['Name', /^[\w.-]{1,64}$/],
  'AWS::CloudWatch::Alarm': ['AlarmName', /^.{1,255}$/],
  'AWS::CloudWatch::Dashboard': ['DashboardName', /^[\w-]{1,255}$/],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateName', /^[\w().\-/]{3,128}$/],
  'AWS::AutoScaling::AutoScalingGroup': ['AutoScalingGroupName', /^[!-9;-~]{1,255}$/],
  'AWS::AutoScaling::LifecycleHook': ['LifecycleHookName', /^[\w\-/]{1,255}$/],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'Name',
    /^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/,
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/],
  'AWS::SSM::Document': ['Name', /^(?!aws|amazon|amzn)[\w.-]{3,128}$/i],
  'AWS::SSM::Parameter': ['Name', /^[\w.\-/]{1,1011}$/],
  'AWS::WAFv2::WebACL': ['Name', /^[\w-]{1,128}$/],
  'AWS::Logs::LogGroup': ['LogGroupName', /^[\w./#-]{1,512}$/],
};

const descriptions: Readonly<Record<string, readonly [property: string, form: RegExp]>> = {
  'AWS::EC2::SecurityGroup': ['GroupDescription', /^[\w. \-:/()#,@[\]+=&;{}!$*]{1,255}$/],
  'AWS::IAM::Role': ['Description', /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]{0,1000}$/],
  'AWS::Lambda::Function': ['Description', /^.{0,256}$/s],
  'AWS::Scheduler::Schedule': ['Description', /^.{0,512}$/s],
  'AWS::Events::Rule': ['Description', /^.{0,512}$/s],
  'AWS::CloudWatch::Alarm': ['AlarmDescription', /^.{0,1024}$/s],
};

/**
 * What is too long, too large or too many for AWS.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export function limitProblems(template: Template): string[] {
  const text = JSON.stringify(template);
  const count = (of: object | undefined) => Object.keys(of ?? {}).length;
  const most: readonly (readonly [what: string, is: number, most: number])[] = [
    ['resources', count(template.Resources), 500],
    ['parameters', count(template.Parameters), 200],
    ['outputs', count(template.Outputs), 200],
    ['bytes', Buffer.byteLength(text), 1_000_000],
    ['bytes of description', Buffer.byteLength(template.Description ?? ''), 1024],
  ];
  return [
    ...most
      .filter(([, is, bound]) => is > bound)
      .map(([what, is, bound]) => `${is} ${what}, at most ${bound}`),
    ...(/\{\{resolve:|[$#]\{Token\[/.exec(text) ?? []).map((found) => `${found} is in the template`),
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      resourceProblems(resource).map((problem) => `${resource.Type} ${id}: ${problem}`),
    ),
  ];
}

function resourceProblems({ Type, Properties = {} }: Resource): string[] {
  const problems = [names[Type], descriptions[Type]].flatMap((rule) => {
    if (!rule) return [];
    const text = flattened(Properties[rule[0]]);
    return text === undefined || rule[1].test(text) ? [] : [`${rule[0]} ${text}`];
  });
  return [...problems, ...tagProblems(Properties['Tags']), ...sizeProblems(Type, Properties)];
}

function tagProblems(tags: unknown): string[] {
  const all = Array.isArray(tags)
    ? (tags as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value] as const)
    : Object.entries((tags as object | undefined) ?? {});
  const keys = all.map(([key]) => key.toLowerCase());
  return [
    ...(all.length > 50 ? [`${all.length} tags`] : []),
    ...(new Set(keys).size < keys.length ? ['tags that differ by case only'] : []),
    ...all.filter(([key, value]) => key.length > 128 || flattened(value) === '').map(([key]) => `tag ${key}`),
  ];
}

function sizeProblems(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  if (type === 'AWS::EC2::LaunchTemplate') {
    const { UserData } = properties['LaunchTemplateData'] as { UserData?: unknown };
    const bytes = Buffer.byteLength(flattened(UserData) ?? '');
    return bytes > 16_384 ? [`${bytes} bytes of user data`] : [];
  }
  if (type === 'AWS::Events::Rule') {
    const { length } = JSON.stringify(properties['EventPattern'] ?? '');
    return length > 2048 ? [`a pattern of ${length} characters`] : [];
  }
  if (type !== 'AWS::IAM::ManagedPolicy' && type !== 'AWS::IAM::Policy') return [];
  const most = type === 'AWS::IAM::ManagedPolicy' ? 6144 : 10_240;
  const { length } = JSON.stringify(
    properties['PolicyDocument'],
    (_, value) => flattened(value) ?? value,
  ).replaceAll(' ', '');
  return length > most ? [`a policy of ${length} characters`] : [];
}
