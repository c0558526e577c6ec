import { relative } from 'node:path';
import type ts from 'typescript';
import { repository } from '../../platform/repository.ts';

/** A place in a flow that the map cannot show; it fails the build. */
export class Unreadable extends Error {
  constructor({ node, reason, remedy }: { node: ts.Node; reason: string; remedy: string }) {
    const file = node.getSourceFile();
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
    super(`${relative(repository, file.fileName)}:${line + 1}:${character + 1}: ${reason}. ${remedy}.`);
    this.name = 'Unreadable';
  }
}
