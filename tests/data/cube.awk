# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f cube.awk dossiers.csv: the cube of a file without quoted fields, counted
# by rules written down here a second time. -v extra=1 adds what a file cannot
# have: withdrawn before they were classified, and uncounted dossiers.
BEGIN { FS = "," }
NR == 1 {
    for (i = 1; i <= NF; i++)
        at[$i] = i
    next
}
function get(name) { return $at[name] }
function known(name) { return get(name) == "" ? "NR" : get(name) }
function flag(yes) { return yes ? "J" : "N" }
{
    year = substr(get("received"), 1, 4)
    years[year] = 1
    if (get("received") > newest)
        newest = get("received")
    accused = get("accused")
    mtbp = accused == "OB" ? "ONB" : flag(index(" MW GO HG VW ST UZ HO ", " " accused " "))
    duty = "N"
    if (index(" XIV XX ", " " get("qualification") " ") && get("in_care") == "J" &&
        get("victim_minor") == "J" && mtbp != "N")
        duty = mtbp
    row = year "," known("category") "," known("care_type") "," known("reporter") "," mtbp \
        "," known("qualification") "," duty "," (duty == "J" ? known("direct") : "NR") \
        "," flag(get("verdict") == "RED") "," flag(get("referred") != "") \
        "," flag(get("complaint") != "") "," flag(get("police_report") != "") \
        "," flag(get("unmet") == "overleg" && get("contact") == "") \
        "," flag(get("unmet") == "aangifte" && get("complaint") == "")
    count[row]++
    position++
}
END {
    if (extra)
        count["2020,NR,NR,OUD,NR,NR,NR,NR,N,N,N,N,N,N"] = 2
    for (row in count)
        rows++
    print "meldkluis-cube: 1"
    line = "years:"
    for (year = 1900; year < 2200; year++)
        if (year in years)
            line = line " " year
    print line
    print "basis: calendar"
    print "data-date: " newest
    print "position: " position
    if (extra) {
        print "uncounted: 2020 ontvangen 3"
        print "uncounted: - ontvangen 1"
    }
    print "rows: " rows
    print ""
    print "year,category,care_type,reporter,mtbp,qualification,duty,direct,red,referred,complaint,police_report,unmet_overleg,unmet_aangifte,n"
    for (row in count)
        print row "," count[row] | "LC_ALL=C sort"
}
