import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, CallerOf } from '../access/caller.ts';
import { mayCall, operations, roles } from '../access/matrix.ts';
import { Serves } from '../http/serves.ts';

const Me = z.object({
  user: z.string(),
  roles: z.array(z.enum(roles)).readonly(),
  groups: z.array(z.string()).readonly(),
  operations: z.array(z.enum(operations as [string, ...string[]])).describe('What the caller may call.'),
});

@ApiTags('me')
@Controller('api/me')
export class MeController {
  @Get()
  @Serves('me.read', { summary: 'Who I am, as my token says', answers: { 200: { is: 'The caller.', json: Me } } })
  read(@CallerOf() { user, roles: held, groups }: Caller): z.infer<typeof Me> {
    return { user, roles: held, groups, operations: operations.filter((operation) => mayCall({ roles: held, operation })) };
  }
}
