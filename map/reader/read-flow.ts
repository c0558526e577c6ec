import { relative } from 'node:path';
import ts from 'typescript';
import type { ProcessMap } from '../../contracts/process-map.ts';
import { repository } from '../../platform/repository.ts';
import { createBranches } from './branches.ts';
import { createCalls } from './calls.ts';
import { startDrawing } from './drawing.ts';
import { createExpressions } from './expressions.ts';
import { type Frame, frameOf } from './frames.ts';
import { createLoops } from './loops.ts';
import type { Modules } from './modules.ts';
import type { Reading } from './reading.ts';
import { createStatements } from './statements.ts';
import { data, type Scope, scopeIn } from './values.ts';

/**
 * Reads the map of one flow from its source, without running it: it follows every statement and expression that can lead to a step, to another function that
 * does, or to the flow's end; all else is nobody's business but the flow's own.
 *
 * @throws Unreadable where it cannot follow
 */
export function readFlow({ modules, file, process }: { modules: Modules; file: string; process: string }): ProcessMap {
  const call = modules.load(file).exported(process);
  const flow = call && ts.isCallExpression(call) ? call.arguments[1] : undefined;
  if (!flow || !(ts.isArrowFunction(flow) || ts.isFunctionExpression(flow))) {
    throw new Error(`${relative(repository, file)} exports no flow "${process}": export const ${process} = flow(contract, async (input, steps) => …)`);
  }
  const { fileName } = flow.getSourceFile();
  return { format: 1, process, file: relative(repository, fileName), ...drawingOf(flow, modules.load(fileName).scope) };
}

function drawingOf(flow: ts.ArrowFunction | ts.FunctionExpression, around: Scope): Pick<ProcessMap, 'nodes' | 'regions' | 'arrows'> {
  const reading = createReading();
  const { drawing } = reading;
  const scope = scopeIn(around);
  const [input, steps] = flow.parameters;
  if (input) reading.bind(input.name, data, scope);
  if (steps) reading.bind(steps.name, { is: 'steps' }, scope);
  const own = frameOf(flow);
  reading.frame.current = own;
  drawing.draw({ kind: 'start', at: flow });
  if (ts.isBlock(flow.body)) reading.all(flow.body.statements, scope);
  else reading.value(flow.body, scope, { awaited: true });
  drawing.set([...drawing.take(), ...own.returns]);
  if (drawing.goesOn()) drawing.draw({ kind: 'end', end: 'completed', at: flow });
  return drawing.finish();
}

function createReading(): Reading {
  const frame: { current: Frame | undefined } = { current: undefined };
  const here = (): Frame => {
    if (!frame.current) throw new Error('nothing is read');
    return frame.current;
  };
  // Each part finds the others when it asks them.
  const reading = { drawing: startDrawing(), frame, here } as Reading;
  Object.assign(reading, createStatements(reading), createLoops(reading), createExpressions(reading), createCalls(reading), createBranches(reading));
  return reading;
}
