' The evening's programmes: associative arrays, a stable sort, and formatted minutes.
sub main()
    shows = [
        { title: "Night Trains", starts: 1305, minutes: 50 }
        { title: "The Tide", starts: 1200, minutes: 45 }
        { title: "Small Hours", starts: 1380, minutes: 95 }
    ]
    shows.sortBy("starts")
    total = 0
    for each show in shows
        print clock(show.starts); "  "; show.title; " until "; clock(show.starts + show.minutes)
        total = total + show.minutes
    end for
    print "That is"; total; " minutes."
end sub

function clock(minutes as integer) as string
    hour = (minutes \ 60) mod 24
    rest = minutes mod 60
    return right("0" + hour.toStr(), 2) + ":" + right("0" + rest.toStr(), 2)
end function
