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
