/** What belongs to the page as a whole: its views, the list of shortcuts, the groups of actions. */
export const frame = {
  close: "Close",
  shortcuts: "Keyboard shortcuts",
  views: "Views",
  sideViews: "Sidebar",
  groups: {
    everywhere: "Everywhere",
    view: "View",
    files: "Files",
    editing: "Editing",
    running: "Running",
    people: "People",
    room: "Room",
  },
};
