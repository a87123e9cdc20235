package sandbox

// OwnGroups are the folders of control groups below which this process may make others with limits, each once.
func OwnGroups() ([]string, error) {
	found, err := ownHierarchies()
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		if h.v2 {
			if err := delegate(h.dir); err != nil {
				return nil, err
			}
		}
	}
	return (&group{at: found}).dirs(), nil
}

// Ready counts the ready cells of each view.
func (s *Sandbox) Ready() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for name, p := range s.pools {
		counts[name] = len(p.ready)
	}
	return counts
}
