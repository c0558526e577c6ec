import { describe, expect, it } from '@jest/globals';
import { faultsIn } from '../../verify/lock-file.ts';

const project = { '': { dependencies: { protobufjs: '8.8.1' } } };
const buffers = { 'node_modules/protobufjs': { version: '8.8.1' } };
const temporal = (version: string) => ({ version, dependencies: { protobufjs: '^8.7.1' } });
const sound = { ...project, ...buffers, 'node_modules/@temporalio/common': temporal('1.24.0'), 'node_modules/@temporalio/proto': temporal('1.24.0') };

describe('the installed packages of Temporal', () => {
  it('are sound when each is there once and all meet one protobufjs', () => {
    expect(faultsIn({ packages: sound })).toEqual([]);
  });

  it('may stand beside a protobufjs that Temporal never meets', () => {
    expect(faultsIn({ packages: { ...sound, 'node_modules/@grpc/proto-loader': {}, 'node_modules/@grpc/proto-loader/node_modules/protobufjs': { version: '7.6.6' } } })).toEqual([]);
  });

  it('are at fault when one is there twice', () => {
    const twice = { ...sound, 'node_modules/@temporalio/worker': temporal('1.24.0'), 'node_modules/@temporalio/worker/node_modules/@temporalio/common': temporal('1.24.0') };
    expect(faultsIn({ packages: twice })).toEqual(['one package is installed 2 times: node_modules/@temporalio/common, node_modules/@temporalio/worker/node_modules/@temporalio/common']);
  });

  it('are at fault when their versions differ', () => {
    expect(faultsIn({ packages: { ...sound, 'node_modules/@temporalio/worker': temporal('1.23.0') } })).toEqual(['the packages of @temporalio have 2 versions: 1.24.0, 1.23.0']);
  });

  it('are at fault when one meets a protobufjs of its own', () => {
    expect(faultsIn({ packages: { ...sound, 'node_modules/@temporalio/proto/node_modules/protobufjs': { version: '7.6.6' } } })).toEqual([
      'we and Temporal meet 2 copies of protobufjs: node_modules/protobufjs, node_modules/@temporalio/proto/node_modules/protobufjs',
    ]);
  });
});
