from works import no_such_name as graph
