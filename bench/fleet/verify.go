package fleet

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Verify lets the program itself look at all that is kept ("codecollab verify"), while the nodes run. The error is what it found.
func (f *Fleet) Verify(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, f.opt.Self, "verify", "--data", f.Nodes[0].Data)
	cmd.Env = os.Environ()
	if f.Postgres != nil {
		cmd.Env = append(cmd.Env, "CODECOLLAB_DATABASE_URL="+f.Postgres.URL(f.Postgres.Addr))
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("codecollab verify: %w:\n%s", err, out)
	}
	return nil
}
