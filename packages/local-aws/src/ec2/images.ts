import type {
  CreateImageRequest,
  DeregisterImageRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
} from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import { Collection, tagsFor } from './collection.ts';

/** How long making an image of a small disk takes. */
const imageSeconds = 120;

/** Machine images. */
export class Images {
  readonly images = new Collection<Image>({
    resourceType: 'image',
    prefix: 'ami',
    idKey: 'ImageId',
    notFound: 'InvalidAMIID.NotFound',
    filters: {
      'image-id': 'ImageId',
      name: 'Name',
      state: 'State',
      architecture: 'Architecture',
      'owner-alias': 'ImageOwnerAlias',
      'virtualization-type': 'VirtualizationType',
      'root-device-type': 'RootDeviceType',
      'image-type': 'ImageType',
    },
  });
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  /** Puts an image there, as if somebody had made it long ago. */
  seed(imageId: string, name: string, architecture: 'arm64' | 'x86_64', now: number): void {
    this.images.add({ ...this.#blank(imageId, name, now), Architecture: architecture, State: 'available' });
  }

  /** @throws ServiceError InvalidAMIID.NotFound, InvalidAMIID.Unavailable */
  usable(imageId: string | undefined): Image {
    const image = this.images.find(imageId);
    if (!image) throw new ServiceError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
    if (image.State !== 'available')
      throw new ServiceError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
    return image;
  }

  operations(architectureOf: (instanceId: string) => string): Record<string, Operation> {
    return {
      CreateImage: (input: CreateImageRequest, call: Call) => {
        const architecture = architectureOf(input.InstanceId!);
        if (this.images.all().some((image) => image.Name === input.Name))
          throw new ServiceError(
            'InvalidAMIName.Duplicate',
            `AMI name ${input.Name} is already in use by another AMI`,
          );
        const image = this.images.add({
          ...this.#blank(`ami-${this.#cloud.ids.hex(17)}`, input.Name!, call.now),
          Architecture: architecture as never,
          Description: input.Description,
          State: 'pending',
          Tags: tagsFor(input.TagSpecifications, 'image'),
        });
        this.#cloud.eventQueue.at(call.now + imageSeconds * 1000, `image ${image.ImageId}`, () => {
          image.State = 'available';
        });
        return { ImageId: image.ImageId };
      },
      DeregisterImage: ({ ImageId }: DeregisterImageRequest) => {
        this.images.remove(ImageId!);
        return { Return: true };
      },
      DescribeImages: (input: DescribeImagesRequest): DescribeImagesResult => {
        const { items, NextToken } = this.images.describe(input.ImageIds, input);
        const owners = input.Owners?.map((owner) => (owner === 'self' ? this.#cloud.account : owner));
        const Images = items.filter(
          (image) => owners?.some((one) => one === image.OwnerId || one === image.ImageOwnerAlias) ?? true,
        );
        return { Images, NextToken };
      },
    };
  }

  #blank(imageId: string, name: string, now: number): Image {
    return {
      ImageId: imageId,
      Name: name,
      OwnerId: this.#cloud.account,
      CreationDate: new Date(now).toISOString(),
      ImageType: 'machine',
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      VirtualizationType: 'hvm',
      Public: false,
      Tags: [],
    };
  }
}
