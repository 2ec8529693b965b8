import type {
  DeleteDashboardsInput,
  GetDashboardInput,
  GetDashboardOutput,
  ListDashboardsInput,
  ListDashboardsOutput,
  PutDashboardInput,
  PutDashboardOutput,
} from '@aws-sdk/client-cloudwatch';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';

interface Dashboard {
  readonly body: string;
  readonly modified: Date;
}

/** The dashboard operations of the API. */
export function dashboardOperations(cloud: CloudContext): Record<string, Operation> {
  const dashboards = new Map<string, Dashboard>();
  const arnOf = (name: string) => `arn:aws:cloudwatch::${cloud.account}:dashboard/${name}`;
  const get = (name: string): Dashboard => {
    const found = dashboards.get(name);
    if (!found) throw new ServiceError('ResourceNotFound', `Dashboard ${name} does not exist`, 404);
    return found;
  };
  return {
    PutDashboard({ DashboardName, DashboardBody }: PutDashboardInput, call: Call): PutDashboardOutput {
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(DashboardName ?? ''))
        throw invalid(`The name ${DashboardName} is invalid`);
      if (!hasWidgets(DashboardBody!))
        throw invalid('The body is not a dashboard: it must be JSON with widgets');
      dashboards.set(DashboardName!, { body: DashboardBody!, modified: new Date(call.now) });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard({ DashboardName }: GetDashboardInput): GetDashboardOutput {
      const { body } = get(DashboardName!);
      return { DashboardName, DashboardArn: arnOf(DashboardName!), DashboardBody: body };
    },
    ListDashboards({ DashboardNamePrefix = '' }: ListDashboardsInput): ListDashboardsOutput {
      const DashboardEntries = [...dashboards]
        .filter(([name]) => name.startsWith(DashboardNamePrefix))
        .map(([name, { body, modified }]) => ({
          DashboardName: name,
          DashboardArn: arnOf(name),
          LastModified: modified,
          Size: body.length,
        }));
      return { DashboardEntries };
    },
    DeleteDashboards({ DashboardNames = [] }: DeleteDashboardsInput): object {
      DashboardNames.forEach(get);
      for (const name of DashboardNames) dashboards.delete(name);
      return {};
    },
  };
}

function hasWidgets(body: string): boolean {
  try {
    return Array.isArray(JSON.parse(body).widgets);
  } catch {
    return false;
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterInput', message);
}
