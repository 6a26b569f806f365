"""Groups of customers that bring more than others, found by search and held against chance."""
